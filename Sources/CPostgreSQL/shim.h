// PostgreSQL's client library, libpq 15 or later, with what Swift does not see of its macros.
#ifndef SIFTD_CPOSTGRESQL_SHIM_H
#define SIFTD_CPOSTGRESQL_SHIM_H

#include <libpq-fe.h>

static const int siftd_pg_sqlstate = PG_DIAG_SQLSTATE;
static const int siftd_pg_message = PG_DIAG_MESSAGE_PRIMARY;
static const int siftd_pg_constraint = PG_DIAG_CONSTRAINT_NAME;

static void siftd_pg_discard_notice(void *context, const char *message) {
    (void)context;
    (void)message;
}

// libpq writes the server's notices to standard error, which is siftd's log.
static inline void siftd_pg_silence(PGconn *connection) {
    PQsetNoticeProcessor(connection, siftd_pg_discard_notice, 0);
}

#endif
