/* What root in the lab may not do, though it is the host's root. */
#ifndef CAPABILITIES_H
#define CAPABILITIES_H

#include "failure.h"

/* In lab-init, for itself and all that it will start. */
bool capabilities_drop(struct failure *failure);

#endif
