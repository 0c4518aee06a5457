import { AwsError } from "../engine/aws-error.ts";
import type { BadInput, Place } from "./bad-input.ts";
import type { ProtocolName } from "./service-model.ts";

const CODES: Readonly<Record<Exclude<ProtocolName, "restXml">, string>> = {
  awsJson1_0: "SerializationException",
  awsJson1_1: "SerializationException",
  restJson1: "SerializationException",
  awsQuery: "MalformedInput",
  ec2Query: "InvalidParameterValue",
};

/** S3 alone tells by the code where the value stands: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const IN_S3: Readonly<Record<Place, string>> = { body: "MalformedXML", field: "InvalidArgument", path: "InvalidURI" };

/** AWS's code for input that cannot be read, which depends on the protocol alone. */
export function malformedCode(error: BadInput, protocol: ProtocolName): AwsError {
  if (error.code !== "SerializationException") return error;
  const code = protocol === "restXml" ? IN_S3[error.place] : CODES[protocol];
  return new AwsError(code, error.message, { status: 400, cause: error });
}
