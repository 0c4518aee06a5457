/** Pulumi's mark of a wrapped value, and its value for secrets (`specialSigKey`, `specialSecretSig` in its SDK). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * The plain value. Pulumi wraps whatever depends on a function's outputs as a secret; the factory's real secrets are
 * placeholders during evaluation, so nothing leaks.
 */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ((value as Record<string, unknown>)[SIGNATURE] === SECRET) {
    return unwrapSecrets((value as { value: unknown }).value);
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unwrapSecrets(inner)]));
}
