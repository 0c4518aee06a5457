/** A function of the test's program. */
export const handler = async (event: unknown): Promise<unknown> => event;
