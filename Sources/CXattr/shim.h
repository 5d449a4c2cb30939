// Extended attributes, in which Linux keeps access control lists. Only the Doctor module imports
// this.
#ifndef SIFTD_CXATTR_SHIM_H
#define SIFTD_CXATTR_SHIM_H

// getxattr(2). <sys/xattr.h> would draw types into this module that Swift has in Glibc.
__PTRDIFF_TYPE__ getxattr(const char *path, const char *name, void *value, __SIZE_TYPE__ size);

#endif
