import * as z from "zod";

/** The one known shape, of Amazon Linux's topics; what the others send is not published. */
const notice = z.object({ v1: z.object({ ReleaseVersion: z.string().min(1) }) });

/** The release that a message of an AMI-update topic announces; undefined for a message of another shape. */
export function readReleaseNotice(message: string): string | undefined {
  try {
    return notice.safeParse(JSON.parse(message)).data?.v1.ReleaseVersion;
  } catch {
    return undefined;
  }
}
