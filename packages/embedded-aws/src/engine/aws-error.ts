/** An error as AWS answers it: `code` as in the service's API reference, and its message. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  /** HTTP status, if it is neither the one of the service's model nor, for an error without a model, 400. */
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
