import { createHmac, timingSafeEqual } from "node:crypto";
import { defineState, type EmbeddedAws, endpointOf } from "../../engine/embedded-aws.ts";
import type { WireRequest, WireResponse } from "../../wire/message.ts";
import { type Repository, registryState } from "./state.ts";

/** ECR keeps layers in its own buckets, and signs URLs for an hour ("Amazon ECR and S3 endpoints"). */
const LIFE_SECONDS = 3600;
const PATH = /^\/prod-([a-z0-9-]+)-starport-layer-bucket\/(\d{12})\/(.+)\/sha256\/([0-9a-f]{64})$/;

/** The secret that signs URLs. */
const signing = defineState<{ secret: string | undefined }>("ecr.layer-urls", () => ({ secret: undefined }));

function signatureOf(aws: EmbeddedAws, path: string, date: string): string {
  const held = aws.state(signing, "", "");
  held.secret ??= aws.uuid();
  return createHmac("sha256", held.secret).update(`${path}\n${date}\n${LIFE_SECONDS}`).digest("hex");
}

/** A URL that downloads a layer without credentials until it expires. */
export function layerUrl(aws: EmbeddedAws, { account, region, name }: Repository, digest: string): string {
  const path = `/prod-${region}-starport-layer-bucket/${account}/${name}/${digest.replace(":", "/")}`;
  const date = new Date(aws.clock.now()).toISOString();
  const query = new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Date": date,
    "X-Amz-Expires": String(LIFE_SECONDS),
    "X-Amz-Signature": signatureOf(aws, path, date),
  });
  return `${endpointOf(aws)}${path}?${query}`;
}

export const isLayerPath = (path: string): boolean => PATH.test(path);

/** Answers a request for a layer's URL as S3 does: the bytes or an error. */
export async function answerLayer(aws: EmbeddedAws, { path, query, method }: WireRequest): Promise<WireResponse> {
  const [, region = "", account = "", name = "", hex] = PATH.exec(path) ?? [];
  const date = query.get("X-Amz-Date") ?? "";
  const signature = Buffer.from(query.get("X-Amz-Signature") ?? "");
  const right = Buffer.from(signatureOf(aws, path, date));
  if (method !== "GET") return refusal(405, "MethodNotAllowed", "The specified method is not allowed");
  if (signature.length !== right.length || !timingSafeEqual(signature, right)) {
    return refusal(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature");
  }
  if (Date.parse(date) + LIFE_SECONDS * 1000 < aws.clock.now()) {
    return refusal(403, "AccessDenied", "Request has expired");
  }
  const layer = aws.state(registryState, account, region).get(name)?.layers.get(`sha256:${hex}`);
  if (!layer) return refusal(404, "NoSuchKey", "The specified key does not exist.");
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body: layer.content };
}

const refusal = (status: number, code: string, message: string): WireResponse => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});
