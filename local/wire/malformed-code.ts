import { AwsError } from "../aws-error.ts";
import type { BadInput } from "./bad-input.ts";
import type { ProtocolName } from "./service-model.ts";

const CODES: Readonly<Record<ProtocolName, string>> = {
  awsJson1_0: "SerializationException",
  awsJson1_1: "SerializationException",
  restJson1: "SerializationException",
  awsQuery: "MalformedInput",
  ec2Query: "InvalidParameterValue",
  restXml: "MalformedXML",
};

/** AWS's code for input that cannot be read, which depends on the protocol alone. */
export const malformedCode = (error: BadInput, protocol: ProtocolName): AwsError =>
  error.code === "SerializationException"
    ? new AwsError(CODES[protocol], error.message, { status: 400, cause: error })
    : error;
