#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fail(struct failure *failure, const char *call, const char *path, const char *format, ...)
{
	int error = errno;
	va_list arguments;

	memset(failure, 0, sizeof *failure);
	failure->error = error;
	snprintf(failure->call, sizeof failure->call, "%s", call);
	snprintf(failure->path, sizeof failure->path, "%s", path ? path : "");
	va_start(arguments, format);
	int length = vsnprintf(failure->message, sizeof failure->message, format, arguments);
	va_end(arguments);
	if (length >= 0 && (size_t)length < sizeof failure->message)
		snprintf(failure->message + length, sizeof failure->message - (size_t)length, ": %s",
			 strerror(error));
	return false;
}

bool refuse(struct failure *failure, int error, const char *format, ...)
{
	va_list arguments;

	memset(failure, 0, sizeof *failure);
	failure->error = error;
	va_start(arguments, format);
	vsnprintf(failure->message, sizeof failure->message, format, arguments);
	va_end(arguments);
	return false;
}
