/**
 * What must not get into a recording that somebody passes on: passwords and tokens for registries,
 * as docker's and podman's clients send them (X-Registry-Auth, `POST /auth`).
 */
const SECRET_HEADER = /^(?:x-registry-(?:auth|config)|(?:proxy-)?authorization|(?:set-)?cookie)$/i;
const HEADER_LINE =
  /(X-Registry-(?:Auth|Config)|(?:Proxy-)?Authorization|(?:Set-)?Cookie): *[^\r\n"\\]+/gi;
const JSON_FIELD =
  /("(?:password|identitytoken|registrytoken|identity_token|registry_token|secret|auth)"\s*:\s*)"(?:[^"\\]|\\.)+"/gi;

export const HIDDEN = "(hidden)";

export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name);
}

/** A body without the values of the fields of docker's AuthConfig. */
export function hideSecrets(text: string): string {
  return text.replace(JSON_FIELD, `$1"${HIDDEN}"`);
}

/** The same in a string as strace prints it, where quotes are escaped. */
export function hidePrintedSecrets(printed: string): string {
  const headers = printed.replace(HEADER_LINE, `$1: ${HIDDEN}`);
  return headers.replace(PRINTED_FIELD, `$1\\"${HIDDEN}\\"`);
}

const PRINTED_FIELD =
  /(\\"(?:password|identitytoken|registrytoken|identity_token|registry_token|secret|auth)\\"\s*:\s*)\\"(?:[^\\"]|\\\\(?:\\["\\]|[^\\])|\\[^"\\])+\\"/gi;
