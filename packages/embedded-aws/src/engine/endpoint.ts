import type { EmbeddedAws } from "./embedded-aws.ts";
import { defineState } from "./state.ts";

const endpoint = defineState("endpoint", () => ({ url: "http://127.0.0.1:4566" }));

/** Where clients reach this AWS, without a slash at the end; queue URLs start with it. */
export const endpointOf = (aws: EmbeddedAws): string => aws.state(endpoint, "", "").url;

/** Set by the server once it listens. */
export const setEndpoint = (aws: EmbeddedAws, url: string): void => {
  aws.state(endpoint, "", "").url = url;
};
