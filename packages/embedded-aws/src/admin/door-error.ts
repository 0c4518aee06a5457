/** A refusal of the admin door, which answers in JSON with this status and code. */
export class DoorError extends Error {
  override readonly name = "DoorError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}
