import type { EmbeddedAws } from "./embedded-aws.ts";
import { defineState } from "./state.ts";

const endpoint = defineState("endpoint", () => ({ url: "http://127.0.0.1:4566" }));

/** The URL of this AWS, without a trailing slash; queue URLs start with it. */
export const endpointOf = (aws: EmbeddedAws): string => aws.state(endpoint, "", "").url;

/** Set by the server once it listens. */
export const setEndpoint = (aws: EmbeddedAws, url: string): void => {
  aws.state(endpoint, "", "").url = url;
};
