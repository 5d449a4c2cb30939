// Parts of Linux and glibc that Swift's Glibc module lacks: epoll(7) and eventfd(2) for the relay
// in front of libmilter, mallopt(3) for the memory of libmilter's threads. Only the Milter module
// imports this.
#ifndef SIFTD_CLINUX_SHIM_H
#define SIFTD_CLINUX_SHIM_H

#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#endif
