/** A refusal in AWS's own words: `code` as the service's API reference names it, and its message. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  /** HTTP status, where the service's model does not say it (EC2 models no errors). */
  readonly status: number | undefined;
  /** What the error carries beside its message, as its SDK class names it: `Item` of a failed condition. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { status?: number; cause?: unknown; members?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}
