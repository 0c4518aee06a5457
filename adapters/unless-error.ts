/** A call's answer; undefined where AWS refuses the call with an error of such a name. @throws all other errors */
export async function unlessError<Answer>(call: Promise<Answer>, names: RegExp): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && names.test(error.name)) return undefined;
    throw error;
  }
}
