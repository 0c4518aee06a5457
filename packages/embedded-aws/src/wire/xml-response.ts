import type { WireResponse } from "./message.ts";

export const xmlResponse = (
  status: number,
  document: string,
  contentType = "text/xml;charset=UTF-8",
): WireResponse => ({
  status,
  headers: { "content-type": contentType },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
});
