import { AwsError } from "../../engine/operation.ts";

/** EC2 errors that several operations answer, with AWS's messages (EC2 API reference, "Error codes"). */

export const invalidParameter = (message: string): AwsError => new AwsError("InvalidParameterValue", message);

export const missingParameter = (name: string): AwsError =>
  new AwsError("MissingParameter", `The request must contain the parameter ${name}`);

export const imagesNotFound = (ids: readonly string[]): AwsError =>
  new AwsError(
    "InvalidAMIID.NotFound",
    ids.length === 1 ? `The image id '[${ids[0]}]' does not exist` : `The image ids '[${ids.join(", ")}]' do not exist`,
  );

export const imageUnavailable = (id: string): AwsError =>
  new AwsError("InvalidAMIID.Unavailable", `The image ID '${id}' is not available`);

export const notAuthorizedForImage = (id: string): AwsError =>
  new AwsError("AuthFailure", `Not authorized for image:${id}`, { status: 403 });

export const snapshotNotFound = (id: string): AwsError =>
  new AwsError("InvalidSnapshot.NotFound", `The snapshot '${id}' does not exist.`);

/** EC2 answers a permitted dry run with this error, HTTP status 412. */
export const dryRunSucceeded = (): AwsError =>
  new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", { status: 412 });

/** For lists whose page size is not limited by AWS's model, or only on one side. @throws InvalidParameterValue */
export function requirePageSize(size: number | undefined, min: number, max: number): void {
  if (size === undefined || (size >= min && size <= max)) return;
  throw invalidParameter(
    `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between ${min} and ${max}.`,
  );
}

/** Ids consist of a prefix and 8 or 17 hexadecimal digits. @throws `code` */
export function requireId(id: string | undefined, prefix: string, code: string): string {
  if (id === undefined || id === "") throw missingParameter(prefix === "ami-" ? "imageId" : `${prefix}id`);
  if (!id.startsWith(prefix)) {
    throw new AwsError(code, `Invalid id: "${id}" (expecting "${prefix}...")`);
  }
  if (!/^([0-9a-f]{8}|[0-9a-f]{17})$/.test(id.slice(prefix.length))) {
    throw new AwsError(code, `Invalid id: "${id}"`);
  }
  return id;
}

export const invalidCombination = (message: string): AwsError => new AwsError("InvalidParameterCombination", message);

export const notPermitted = (message: string): AwsError => new AwsError("OperationNotPermitted", message);
