import type { IncomingMessage } from "node:http";
import { AwsError } from "../engine/aws-error.ts";
import type { WireRequest } from "./message.ts";
import { serviceOf } from "./refused-requests.ts";

const MB = 2 ** 20;

/**
 * The largest body of a request, in bytes. DynamoDB: developer guide, "Quotas" (16 MB for BatchWriteItem). Lambda: a
 * function's archive of 50 MB in base64, and what AWS names when it refuses one ("Request must be smaller than 70167211
 * bytes"). ECR: UploadLayerPart takes 10 MB, in base64. S3 takes 5 GB; here objects lie in memory. For all others AWS
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

/** How large the body of a request may be. */
export const bodyLimit = (request: WireRequest, isAdmin: boolean): number =>
  isAdmin ? ADMIN : (LIMITS[serviceOf(request) ?? ""] ?? OTHERS);

/** S3: API reference, "Error responses". The others' refusal is inferred: AWS closes such connections early, too. */
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

/** Reads bodies, which together take a limited memory while they arrive. */
export class BodyReader {
  #left: number;

  /** @param most bytes that all unfinished bodies may take together */
  constructor(most: number) {
    this.#left = most;
  }

  /**
   * @param head the request as far as it is known
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
        // What follows flows by, and is not kept.
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

/** Bytes one after another. A list of pieces would take a hundred times the memory of pieces of one byte. */
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
