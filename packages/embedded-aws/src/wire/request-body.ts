import type { IncomingMessage } from "node:http";
import { AwsError } from "../engine/operation.ts";
import type { WireRequest } from "./message.ts";
import { serviceOf } from "./refused-requests.ts";

const MB = 2 ** 20;

/**
 * The maximum body of a request, in bytes. DynamoDB: developer guide, "Quotas" (16 MB for BatchWriteItem). Lambda: a
 * function's archive of 50 MB in base64, and the limit in AWS's error ("Request must be smaller than 70167211 bytes").
 * ECR: UploadLayerPart accepts 10 MB, in base64. S3 accepts 5 GB; here objects are in memory. For all others AWS
 * publishes limits of values, of which the largest is 1 MB, but none of bodies.
 */
const LIMITS: Readonly<Record<string, number>> = {
  dynamodb: 16 * MB,
  ecr: 16 * MB,
  lambda: 70_167_211,
  s3: 256 * MB,
};

const OTHERS = 8 * MB;

/** A blueprint is larger than any request to AWS. */
const ADMIN = 32 * MB;

/** The maximum size of a request's body. */
export const bodyLimit = (request: WireRequest, isAdmin: boolean): number =>
  isAdmin ? ADMIN : (LIMITS[serviceOf(request) ?? ""] ?? OTHERS);

/** S3: API reference, "Error responses". Inferred for the others: AWS also closes such connections early. */
const tooLarge = (request: WireRequest, limit: number): AwsError =>
  serviceOf(request) === "s3"
    ? new AwsError("EntityTooLarge", `Your proposed upload exceeds the maximum allowed size of ${limit} bytes.`, {
        status: 400,
      })
    : new AwsError("RequestEntityTooLarge", `Request must be smaller than ${limit + 1} bytes.`, { status: 413 });

const busy = (): AwsError =>
  new AwsError("SlowDown", "Please reduce your request rate: too many large requests are arriving at once.", {
    status: 503,
  });

/** Reads bodies with a limit for the memory of all arriving ones together. */
export class BodyReader {
  #left: number;

  /** @param most maximum bytes of all unfinished bodies together */
  constructor(most: number) {
    this.#left = most;
  }

  /**
   * @param head the request without its body
   * @throws AwsError RequestEntityTooLarge, EntityTooLarge (S3), SlowDown; the connection's own error
   */
  read(request: IncomingMessage, head: WireRequest, limit: number): Promise<Uint8Array> {
    if (Number(head.headers["content-length"] ?? 0) > limit) return Promise.reject(tooLarge(head, limit));
    return new Promise((resolve, reject) => {
      const body = new GrowingBuffer();
      let isDone = false;
      const done = (settle: () => void): void => {
        if (isDone) return;
        isDone = true;
        this.#left += body.length;
        request.off("data", take).resume();
        settle();
      };
      const take = (chunk: Buffer): void => {
        // The rest is read and dropped.
        if (body.length + chunk.length > limit) done(() => reject(tooLarge(head, limit)));
        else if (chunk.length > this.#left) done(() => reject(busy()));
        else {
          this.#left -= chunk.length;
          body.add(chunk);
        }
      };
      request.on("data", take);
      request.once("error", (cause) => done(() => reject(cause)));
      request.once("end", () => done(() => resolve(body.content())));
    });
  }
}

/** Appends bytes. A list of one-byte pieces would take a hundred times the memory. */
class GrowingBuffer {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    if (this.#length === 0) this.#bytes = piece;
    else {
      if (this.#length + piece.length > this.#bytes.length) this.#grow(this.#length + piece.length);
      piece.copy(this.#bytes, this.#length);
    }
    this.#length += piece.length;
  }

  #grow(least: number): void {
    const grown = Buffer.allocUnsafe(Math.max(least, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }

  content(): Uint8Array {
    const content = this.#bytes.subarray(0, this.#length);
    return content.length === this.#bytes.length ? content : Buffer.from(content);
  }
}
