/** The present moment, for ages, dates and whatever ends soon: a command reads it once and passes it on. */
export const readNow = async (): Promise<Date> => new Date();
