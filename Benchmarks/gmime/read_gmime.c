// What the libraries that siftd's own readers replace take for the same work: GMime for structure,
// transfer encodings and charsets, libxml2's SAX parser for the words of HTML.
//
//   read_gmime FOLDER        one message a file; prints CPU time a message and MB/s
//
// No style is looked at here, so nothing hidden is found: the libraries have an easier task.

#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <gmime/gmime.h>
#include <libxml/HTMLparser.h>
#include <libxml/xmlerror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct { GString *text; int skip; } Reader;

static void characters(void *context, const xmlChar *text, int length) {
    Reader *reader = context;
    if (!reader->skip) g_string_append_len(reader->text, (const char *)text, length);
}

static int is_silent(const xmlChar *name) {
    return !strcmp((const char *)name, "style") || !strcmp((const char *)name, "script")
        || !strcmp((const char *)name, "title");
}

static void start_element(void *context, const xmlChar *name, const xmlChar **attributes) {
    (void)attributes;
    if (is_silent(name)) ((Reader *)context)->skip++;
}

static void end_element(void *context, const xmlChar *name) {
    if (is_silent(name)) ((Reader *)context)->skip--;
}

static void append_html(GString *text, const char *html, int length) {
    htmlSAXHandler sax = {0};
    sax.characters = characters;
    sax.startElement = start_element;
    sax.endElement = end_element;
    Reader reader = {text, 0};
    htmlParserCtxtPtr parser =
        htmlCreatePushParserCtxt(&sax, &reader, html, length, NULL, XML_CHAR_ENCODING_UTF8);
    htmlParseChunk(parser, "", 0, 1);
    htmlFreeParserCtxt(parser);
}

static void append_part(GMimeObject *parent, GMimeObject *part, gpointer text) {
    (void)parent;
    if (!GMIME_IS_TEXT_PART(part)) return;
    char *content = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    if (!content) return;
    GMimeContentType *type = g_mime_object_get_content_type(part);
    if (g_mime_content_type_is_type(type, "text", "html"))
        append_html(text, content, strlen(content));
    else
        g_string_append(text, content);
    g_free(content);
}

static size_t read_message(const char *bytes, size_t length) {
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    GString *text = g_string_new(NULL);
    if (message) {
        const char *subject = g_mime_message_get_subject(message);
        if (subject) g_string_append(text, subject);
        g_mime_message_foreach(message, append_part, text);
        g_object_unref(message);
    }
    size_t count = text->len;
    g_string_free(text, TRUE);
    g_object_unref(parser);
    g_object_unref(stream);
    return count;
}

static void ignore(void *context, const char *message, ...) {
    (void)context;
    (void)message;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static double times[100000];
static size_t count, total, words;

static int measure(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)place;
    if (kind != FTW_F || count == 100000) return 0;
    char *bytes = malloc(info->st_size + 1);
    FILE *file = fopen(path, "rb");
    size_t length = fread(bytes, 1, info->st_size, file);
    fclose(file);
    words += read_message(bytes, length);
    double start = now();
    words += read_message(bytes, length);
    times[count++] = now() - start;
    total += length;
    free(bytes);
    return 0;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    g_mime_init();
    xmlSetGenericErrorFunc(NULL, ignore);
    if (argc < 2 || nftw(argv[1], measure, 16, FTW_PHYS) != 0 || count == 0) return 1;
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += times[i];
    qsort(times, count, sizeof times[0], ascending);
    printf("%-40s %6zu messages  %5.0f MB/s  read us p50 %.0f p90 %.0f\n", argv[1], count,
        total / sum, times[count / 2], times[count * 9 / 10]);
    return words == 0;
}
