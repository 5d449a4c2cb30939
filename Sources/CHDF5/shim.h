// libhdf5, for Keras' weights. Only the KerasImport module imports this. Swift does not import the
// library's macros with casts and calls, so functions stand for them here.
#ifndef SIFTD_CHDF5_SHIM_H
#define SIFTD_CHDF5_SHIM_H

#include <hdf5.h>
#include <stdlib.h>

/// Opens a file that is in memory, for reading; below 0 when it is none. The library keeps a copy,
/// and takes files of one name for the same file.
static inline hid_t siftd_hdf5_open(const char *name, const void *bytes, size_t count) {
    H5open();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0) return -1;
    hid_t file = -1;
    if (H5Pset_fapl_core(access, 1 << 16, 0) >= 0
        && H5Pset_file_image(access, (void *)bytes, count) >= 0)
        file = H5Fopen(name, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return file;
}

static inline hid_t siftd_hdf5_open_object(hid_t group, const char *name) {
    return H5Oopen(group, name, H5P_DEFAULT);
}

/// 1 when a hard link of this name exists, 0 when none does, -1 when it is another kind of link.
static inline int siftd_hdf5_link(hid_t group, const char *name) {
    if (H5Lexists(group, name, H5P_DEFAULT) <= 0) return 0;
    H5L_info_t info;
    if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
    return info.type == H5L_TYPE_HARD ? 1 : -1;
}

/// The name of a link by its index, in alphabetical order; below 0 when there is none.
static inline ssize_t siftd_hdf5_name(hid_t group, unsigned long long index, char *name,
                                      size_t size) {
    return H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name, size,
                              H5P_DEFAULT);
}

static inline hid_t siftd_hdf5_open_attribute(hid_t object, const char *name) {
    if (H5Aexists(object, name) <= 0) return -1;
    return H5Aopen(object, name, H5P_DEFAULT);
}

/// Reads all numbers as 32-bit floats.
static inline int siftd_hdf5_read_floats(hid_t data, float *values) {
    return H5Dread(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0 ? -1 : 0;
}

/// Reads all elements as they are stored.
static inline int siftd_hdf5_read_raw(hid_t data, hid_t type, void *values) {
    return H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0 ? -1 : 0;
}

/// 1 when the numbers of a dataset lie in the file itself, in a form that this reader accepts:
/// no external files, no virtual datasets, no filters but gzip, shuffle and checksums, and chunks
/// of at most `chunk` elements.
static inline int siftd_hdf5_is_plain(hid_t data, unsigned long long chunk) {
    hid_t list = H5Dget_create_plist(data);
    if (list < 0) return 0;
    int plain = H5Pget_external_count(list) == 0;
    H5D_layout_t layout = H5Pget_layout(list);
    if (layout == H5D_CHUNKED) {
        hsize_t sizes[H5S_MAX_RANK];
        int rank = H5Pget_chunk(list, H5S_MAX_RANK, sizes);
        unsigned long long elements = 1;
        for (int i = 0; i < rank; i++) {
            if (sizes[i] == 0 || elements > chunk / sizes[i]) plain = 0;
            else elements *= sizes[i];
        }
    } else if (layout != H5D_CONTIGUOUS && layout != H5D_COMPACT) {
        plain = 0;
    }
    int filters = H5Pget_nfilters(list);
    for (int i = 0; i < filters; i++) {
        unsigned flags, values[8];
        size_t count = 8;
        H5Z_filter_t filter =
            H5Pget_filter2(list, (unsigned)i, &flags, &count, values, 0, NULL, NULL);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE
            && filter != H5Z_FILTER_FLETCHER32)
            plain = 0;
    }
    H5Pclose(list);
    return plain;
}

/// Frees the strings that reading an attribute of variable-length strings allocated.
static inline void siftd_hdf5_free_strings(hid_t type, hid_t space, void *strings) {
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, strings);
}

/// Creates a file in memory; below 0 when that fails.
static inline hid_t siftd_hdf5_create(const char *name) {
    H5open();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0) return -1;
    hid_t file = -1;
    if (H5Pset_fapl_core(access, 1 << 20, 0) >= 0)
        file = H5Fcreate(name, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    H5Pclose(access);
    return file;
}

/// Writes 32-bit floats at a path whose groups are created; -1 when that fails.
static inline int siftd_hdf5_write_floats(hid_t file, const char *path, int rank,
                                          const unsigned long long *sizes, const float *values) {
    hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    hsize_t dimensions[8];
    for (int i = 0; i < rank && i < 8; i++) dimensions[i] = sizes[i];
    hid_t space = H5Screate_simple(rank, dimensions, NULL);
    hid_t data = H5Dcreate2(file, path, H5T_IEEE_F32LE, space, links, H5P_DEFAULT, H5P_DEFAULT);
    int failed = data < 0
        || H5Dwrite(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0;
    if (data >= 0) H5Dclose(data);
    H5Sclose(space);
    H5Pclose(links);
    return failed ? -1 : 0;
}

/// The bytes of a file in memory, or their number when there is no buffer.
static inline ssize_t siftd_hdf5_image(hid_t file, void *buffer, size_t size) {
    H5Fflush(file, H5F_SCOPE_LOCAL);
    return H5Fget_file_image(file, buffer, size);
}

#endif
