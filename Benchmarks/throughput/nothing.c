/* A milter that does nothing: what libmilter and the socket cost by themselves. It negotiates what
 * siftd negotiates, listens to the same steps and accepts every message.
 *
 *     cc -O2 -Wall -Wextra -o nothing nothing.c -lmilter -lpthread
 *     nothing SOCKET        such as unix:/tmp/nothing.sock or inet:8899@127.0.0.1
 */
#include <stdbool.h>
#include <stdio.h>
#include <libmilter/mfapi.h>

#define UNANSWERED (SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR \
    | SMFIP_NR_EOH)
#define UNWANTED (SMFIP_NODATA | SMFIP_NOUNKNOWN)
#define NEEDED (SMFIF_ADDHDRS | SMFIF_CHGHDRS)
#define WANTED (SMFIF_QUARANTINE | SMFIF_ADDRCPT | SMFIF_DELRCPT)

static sfsistat on_connect(SMFICTX *c, char *name, _SOCK_ADDR *address)
{
    (void)c, (void)name, (void)address;
    return SMFIS_CONTINUE;
}

static sfsistat on_helo(SMFICTX *c, char *name) { (void)c, (void)name; return SMFIS_CONTINUE; }

/* MAIL and RCPT alike. */
static sfsistat on_envelope(SMFICTX *c, char **words) { (void)c, (void)words; return SMFIS_CONTINUE; }

static sfsistat on_header(SMFICTX *c, char *name, char *value)
{
    (void)c, (void)name, (void)value;
    return SMFIS_CONTINUE;
}

static sfsistat on_body(SMFICTX *c, unsigned char *chunk, size_t count)
{
    (void)c, (void)chunk, (void)count;
    return SMFIS_CONTINUE;
}

/* End of header, abort and close alike. */
static sfsistat on_step(SMFICTX *c) { (void)c; return SMFIS_CONTINUE; }

static sfsistat on_end_of_message(SMFICTX *c) { (void)c; return SMFIS_ACCEPT; }

static sfsistat on_negotiate(SMFICTX *c, unsigned long actions, unsigned long steps,
    unsigned long unused2, unsigned long unused3, unsigned long *want_actions,
    unsigned long *want_steps, unsigned long *want2, unsigned long *want3)
{
    static const int no_macros[] = { SMFIM_CONNECT, SMFIM_HELO, SMFIM_ENVRCPT, SMFIM_EOH };

    (void)unused2, (void)unused3;
    *want_actions = actions & (NEEDED | WANTED);
    *want_steps = steps & (UNANSWERED | UNWANTED | SMFIP_SKIP);
    *want2 = *want3 = 0;
    smfi_setsymlist(c, SMFIM_ENVFROM, "{auth_authen}");
    smfi_setsymlist(c, SMFIM_EOM, "i");
    for (size_t i = 0; i < sizeof no_macros / sizeof *no_macros; i++)
        smfi_setsymlist(c, no_macros[i], "");
    return SMFIS_CONTINUE;
}

int main(int count, char **arguments)
{
    struct smfiDesc filter = {
        .xxfi_name = "nothing", .xxfi_version = SMFI_VERSION, .xxfi_flags = NEEDED | WANTED,
        .xxfi_negotiate = on_negotiate, .xxfi_connect = on_connect, .xxfi_helo = on_helo,
        .xxfi_envfrom = on_envelope, .xxfi_envrcpt = on_envelope, .xxfi_header = on_header,
        .xxfi_eoh = on_step, .xxfi_body = on_body, .xxfi_eom = on_end_of_message,
        .xxfi_abort = on_step, .xxfi_close = on_step,
    };

    if (count != 2 || smfi_setconn(arguments[1]) != MI_SUCCESS) {
        fprintf(stderr, "usage: nothing SOCKET\n");
        return 64;
    }
    smfi_setbacklog(512); /* as siftd */
    smfi_setmaxdatasize(4 << 20);
    if (smfi_register(filter) != MI_SUCCESS || smfi_opensocket(true) != MI_SUCCESS)
        return 69;
    return smfi_main() == MI_SUCCESS ? 0 : 70;
}
