/** An error as AWS answers it: `code` as in the service's API reference, and its message. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  /** HTTP status, if the service's model does not state it (EC2 models no errors). */
  readonly status: number | undefined;
  /** Members besides the message, named as in the SDK's class: `Item` of a failed condition. */
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
