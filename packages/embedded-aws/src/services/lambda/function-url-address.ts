import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { WireRequest } from "../../wire/message.ts";
import { type FunctionUrl, functions, type LambdaFunction } from "./state.ts";

const served = defineState("lambda function URLs served at", (): { at: string | undefined } => ({ at: undefined }));

/** From now on functions' URLs use this server. @param url `http://127.0.0.1:<port>` */
export const serveFunctionUrls = (aws: EmbeddedAws, url: string): void => {
  aws.state(served, "", "").at = url;
};

/** AWS's host name for it, which functions always see in their events. */
export const domainOf = ({ id }: FunctionUrl, region: string): string => `${id}.lambda-url.${region}.on.aws`;

/** A function's URL: at the server, if there is one; otherwise as in AWS. */
export function addressOf(aws: EmbeddedAws, url: FunctionUrl, region: string): string {
  const { at } = aws.state(served, "", "");
  return at === undefined ? `https://${domainOf(url, region)}/` : `${at}${PREFIX}${url.id}/`;
}

/** Bucket names cannot contain an underscore, so these paths hide nothing of AWS's. */
const PREFIX = "/_url/";

const PATH = /^\/_url\/([^/]*)(\/.*)?$/s;

const HOST = /^([a-z0-9]+)\.lambda-url\.[a-z0-9-]+\.on\.aws(?::\d+)?$/i;

/** Whether a `Host` header names a function. */
export const isFunctionHost = (host: string): boolean => HOST.test(host);

/** The target of a request to a function's URL. */
interface UrlTarget {
  readonly id: string;
  /** As the function sees it: percent-encoded, beginning with the slash. */
  readonly path: string;
}

/** Undefined for every other request. */
export function urlTarget({ path, headers }: Pick<WireRequest, "path" | "headers">): UrlTarget | undefined {
  const inHost = HOST.exec(headers.host ?? "")?.[1];
  if (inHost) return { id: inHost.toLowerCase(), path };
  const [, id, rest = "/"] = PATH.exec(path) ?? [];
  return id === undefined ? undefined : { id, path: rest };
}

/** The function with this URL, in any account and region. */
export function findByUrl(aws: EmbeddedAws, id: string): { fn: LambdaFunction; url: FunctionUrl } | undefined {
  for (const { state } of aws.places(functions)) {
    for (const fn of state.values()) if (fn.url?.id === id) return { fn, url: fn.url };
  }
  return undefined;
}
