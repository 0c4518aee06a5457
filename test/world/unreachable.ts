/** A `requestHandler` for the SDK's clients in a region that does not answer. */
export const unreachable = {
  handle: () => Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })),
  updateHttpClientConfig() {},
  httpHandlerConfigs: () => ({}),
};
