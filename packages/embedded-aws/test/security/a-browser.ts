import { request } from "node:http";
import { text } from "node:stream/consumers";

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends a request with headers that `fetch` sets by itself: `Host`, `Origin` and `Sec-Fetch-Site`. */
export function send(url: string, { method = "GET", path = "/", headers = {}, body = "" }: Sent): Promise<Received> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on("error", reject).end(body);
  });
}

/** A page can set no Authorization header without a preflight, but a presigned URL needs none. */
export const presigned = (account: string, service: string, region = "us-east-1"): string =>
  `X-Amz-Credential=${encodeURIComponent(`${account}/20260401/${region}/${service}/aws4_request`)}`;

/** The request of a form on a page. */
export const formOf = (fields: Readonly<Record<string, string>>) => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
});
