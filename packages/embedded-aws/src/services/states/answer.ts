/** An operation's output without what the SDK adds on the client's side. */
export type Answer<Output> = Omit<Output, "$metadata">;
