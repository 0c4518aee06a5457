import { createHash } from "node:crypto";
import { parseReference, type RegistryReference } from "../../core/containers/references.ts";
import { type ImageDigest, parseImageDigest } from "../../events/ids.ts";

const ANSWERS_WITHIN_MS = 10_000;

/** Image manifests and multi-platform indexes, which have a digest of their own. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Resolves a tag of a public registry, by the OCI distribution specification ("Pulling manifests") and, if the registry
 * requires it, with an anonymous token (CNCF Distribution, "Token Authentication"). Registries on this machine are
 * called without TLS, as Docker does.
 * @throws RegistryFailure
 */
export async function readTagDigest(reference: string): Promise<ImageDigest> {
  const at = parseReference(reference);
  if (!at) throw new RegistryFailure(reference, "it has no tag");
  const answer = await askFor(at, "HEAD", reference);
  const told = answer.headers.get("docker-content-digest");
  if (told) return parseDigest(told, reference);
  // The header is optional; the digest is that of the manifest's bytes.
  const manifest = await (await askFor(at, "GET", reference)).bytes();
  return parseDigest(`sha256:${createHash("sha256").update(manifest).digest("hex")}`, reference);
}

async function askFor(
  { registry, repository, tag }: RegistryReference,
  method: "HEAD" | "GET",
  reference: string,
): Promise<Response> {
  const url = `${schemeOf(registry)}//${registry}/v2/${repository}/manifests/${tag}`;
  const ask = (headers: Record<string, string> = {}) =>
    request(url, { method, headers: { accept: MANIFESTS, ...headers } }, reference);
  const first = await ask();
  const challenge = first.status === 401 ? first.headers.get("www-authenticate") : null;
  const answer = challenge ? await ask({ authorization: await authorize(challenge, reference) }) : first;
  if (!answer.ok) throw new RegistryFailure(reference, `${new URL(url).host} answered HTTP ${answer.status}`);
  return answer;
}

/** A challenge consists of quoted parameters: `Bearer realm="https://...",service="...",scope="..."`. */
async function authorize(challenge: string, reference: string): Promise<string> {
  const { realm, ...scope } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );
  if (!/^bearer /i.test(challenge) || !realm || !URL.canParse(realm)) {
    throw new RegistryFailure(reference, `its registry requires credentials (${challenge.slice(0, 100)})`);
  }
  const url = new URL(realm);
  if (url.protocol !== schemeOf(url.host)) throw new RegistryFailure(reference, `tokens come from ${realm}`);
  for (const name of ["service", "scope"]) if (scope[name]) url.searchParams.set(name, scope[name]);
  const answer = await request(url.href, {}, reference);
  const told: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined;
  const token = Object(told).token ?? Object(told).access_token;
  if (typeof token !== "string") {
    throw new RegistryFailure(reference, `${url.host} issues no anonymous token (HTTP ${answer.status})`);
  }
  return `Bearer ${token}`;
}

async function request(url: string, init: RequestInit, reference: string): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
  } catch (cause) {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new RegistryFailure(reference, `${new URL(url).host} did not respond: ${why}`, { cause });
  }
}

function parseDigest(text: string, reference: string): ImageDigest {
  try {
    return parseImageDigest(text);
  } catch {
    throw new RegistryFailure(reference, `its registry returned "${text.slice(0, 100)}", which is not a digest`);
  }
}

const schemeOf = (host: string): "http:" | "https:" =>
  /^(localhost|127\.[\d.]+)(:|$)/.test(host) ? "http:" : "https:";

class RegistryFailure extends Error {
  override readonly name = "RegistryFailure";

  constructor(reference: string, why: string, options?: ErrorOptions) {
    super(`${reference} could not be resolved: ${why}.`, options);
  }
}
