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

/** Of variables with such names the values are secret. No longer ones are looked at. */
const SECRET_NAME =
  "\\w{0,64}(?:PASS(?:WORD|WD|PHRASE)?|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)\\w{0,64}";
const IN_JSON = new RegExp(`\\b(${SECRET_NAME})=(?:[^"\\\\]|\\\\.)*`, "gi");
const IN_LIST = new RegExp(`(^|\0)(${SECRET_NAME})=[^\0]*`, "gi");
const IN_ARGUMENT = new RegExp(`^((?:--?[\\w-]+=)?${SECRET_NAME})=.*$`, "is");

/** A container's environment as JSON has it (`"DB_PASSWORD=hunter2"`), without what is secret. */
export function hideEnvironment(json: string): string {
  return json.replace(IN_JSON, `$1=${HIDDEN}`);
}

/** The same in a list with NULs between (proc_pid_environ(5)). */
export function hideEnviron(list: string): string {
  return list.replace(IN_LIST, `$1$2=${HIDDEN}`);
}

/** The same in one argument: `DB_PASSWORD=hunter2`, `--env=DB_PASSWORD=hunter2`. */
export function hideArgument(argument: string): string {
  return argument.replace(IN_ARGUMENT, `$1=${HIDDEN}`);
}
