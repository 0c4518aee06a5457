import { AwsError } from "../engine/aws-error.ts";
import type { WireRequest } from "./message.ts";

const LINE_END = Buffer.from("\r\n");

/**
 * Takes S3's chunked uploads apart: `<size>[;chunk-signature=...]`, the data, and headers at the end for checksums.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function unchunked(request: WireRequest): WireRequest {
  const { "content-encoding": encoding = "", ...headers } = request.headers;
  const encodings = encoding.split(",").map((one) => one.trim());
  const streaming = headers["x-amz-content-sha256"]?.startsWith("STREAMING-");
  if (!encodings.includes("aws-chunked") && !streaming) return request;
  const { content, trailers } = chunks(Buffer.from(request.body));
  if (
    headers["x-amz-decoded-content-length"] !== undefined &&
    Number(headers["x-amz-decoded-content-length"]) !== content.length
  ) {
    throw incomplete();
  }
  const rest = encodings.filter((one) => one !== "aws-chunked" && one !== "");
  const kept = rest.length > 0 ? { "content-encoding": rest.join(",") } : {};
  return { ...request, headers: { ...headers, ...trailers, ...kept }, body: content };
}

function chunks(body: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf(LINE_END, at);
    const size = /^([0-9a-fA-F]{1,12})(?:;|$)/.exec(end < 0 ? "" : body.toString("latin1", at, end))?.[1];
    if (size === undefined) throw incomplete();
    const start = end + LINE_END.length;
    const length = Number.parseInt(size, 16);
    if (length === 0) return { content: Buffer.concat(parts), trailers: trailersOf(body.toString("latin1", start)) };
    if (start + length > body.length) throw incomplete();
    parts.push(body.subarray(start, start + length));
    at = start + length + LINE_END.length;
  }
}

const trailersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\r\n")
      .map((line) => /^(x-amz-checksum-[\w-]+):(.*)$/i.exec(line))
      .flatMap((found) => (found ? [[String(found[1]).toLowerCase(), String(found[2]).trim()]] : [])),
  );

const incomplete = () => new AwsError("IncompleteBody", "The request body terminated unexpectedly", { status: 400 });
