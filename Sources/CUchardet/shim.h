// uchardet, for text that declares no charset. Only the MailText module imports this.
#ifndef SIFTD_CUCHARDET_SHIM_H
#define SIFTD_CUCHARDET_SHIM_H

#include <uchardet.h>

#endif
