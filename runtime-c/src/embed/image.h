// What memory 0 of the instances of a module begins with.
#ifndef SMELT_EMBED_IMAGE_H
#define SMELT_EMBED_IMAGE_H

#include <stdbool.h>

#include "smelt/library.h"

// Maps the image, if there is one by now, into the memory of an instance that nothing has written to.
// False if the memory may be damaged.
bool embed_image_map(struct smelt_instance *instance, const struct smelt_library_image *image);

// Makes the image, unless there is one, of an instance that nothing but its data segments has written
// to.
void embed_image_make(const struct smelt_instance *instance, struct smelt_library_image *image);

#endif
