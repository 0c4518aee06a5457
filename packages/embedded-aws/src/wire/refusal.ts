import { AwsError } from "../engine/aws-error.ts";
import { jsonWriter } from "./json.ts";
import type { BadInput, Place } from "./message.ts";
import type { ErrorModel, ProtocolName, ServiceModel } from "./service-model.ts";
import { oncePer } from "./shape.ts";

/** An error, as a protocol sends it. */
export interface Refusal {
  /** The name that JSON and XML protocols send. */
  readonly code: string;
  /** The name that query protocols send. */
  readonly queryCode: string;
  readonly message: string;
  /** `message` or `Message`: services differ. */
  readonly messageMember: string;
  readonly status: number;
  readonly fault: "Sender" | "Receiver";
  /** What else the modelled error carries, as JSON protocols send it: `Item` of a failed condition. */
  readonly members: Readonly<Record<string, unknown>>;
}

const membersWriter = oncePer(({ shape }: ErrorModel) => jsonWriter(shape));

/** @param protocol the one spoken in this request, which can be an older one than the model's. */
export function toRefusal(error: unknown, model: ServiceModel | undefined, protocol: ProtocolName): Refusal {
  const refused = error instanceof AwsError ? error : internalFailure(error);
  const code = generalCode(refused.code, model?.service.name, protocol) ?? refused.code;
  const modelled = model?.errors.get(code);
  const status = statusOf(refused, code, protocol, modelled?.status);
  return {
    code: modelled?.code ?? code,
    queryCode: modelled?.queryCode ?? code,
    message: refused.message,
    messageMember: modelled?.messageMember ?? "message",
    status,
    fault: status < 500 ? "Sender" : "Receiver",
    members: modelled ? (membersWriter(modelled)(refused.members) as Record<string, unknown>) : {},
  };
}

/** A fault of ours: the caller learns no more than AWS would say, the log has the cause. */
function internalFailure(cause: unknown): AwsError {
  console.error("The embedded AWS failed inside:", cause);
  return new AwsError("InternalFailure", "The request processing has failed because of an unknown error.", {
    status: 500,
    cause,
  });
}

const DENIALS: readonly string[] = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"];

/** Errors that every service has, under the name it has in this one. */
function generalCode(code: string, service: string | undefined, protocol: ProtocolName): string | undefined {
  const json = protocol.startsWith("awsJson") || protocol === "restJson1";
  if (DENIALS.includes(code)) {
    if (protocol === "ec2Query") return "UnauthorizedOperation";
    if (service === "sns") return "AuthorizationErrorException";
    return json ? "AccessDeniedException" : "AccessDenied";
  }
  if (code === "InvalidClientTokenId") {
    if (protocol === "ec2Query") return "AuthFailure";
    if (protocol === "restXml") return "InvalidAccessKeyId";
    return json ? "UnrecognizedClientException" : code;
  }
  if (code === "ExpiredToken") {
    if (protocol === "ec2Query") return "RequestExpired";
    return json ? "ExpiredTokenException" : code;
  }
  if (code === "IncompleteSignature") {
    if (protocol === "restXml") return "AuthorizationHeaderMalformed";
    return json ? "IncompleteSignatureException" : code;
  }
  // S3 knows the path, whatever it is, and blames the method.
  if (code === "UnknownOperationException" && protocol === "restXml") return "MethodNotAllowed";
  return undefined;
}

function statusOf(error: AwsError, code: string, protocol: ProtocolName, modelled: number | undefined): number {
  // AWS knows no such error. As a fault of the caller's it is not tried again, and never looks like a fault of ours.
  if (code === "NotImplemented") return 400;
  if (code === "MethodNotAllowed") return 405;
  // EC2 alone answers an unknown key with 401.
  if (error.code === "InvalidClientTokenId" && protocol === "ec2Query") return 401;
  // Services of the awsJson protocols refuse with 400, all others with 403.
  if (code === "AccessDeniedException") return modelled ?? (protocol.startsWith("awsJson") ? 400 : 403);
  if (DENIALS.includes(code)) return 403;
  // awsJson 1.1 keeps to 400 and 500, whatever status the model gives an error for other protocols.
  if (protocol === "awsJson1_1" && modelled !== undefined) return error.status ?? (modelled < 500 ? 400 : 500);
  return error.status ?? modelled ?? 400;
}

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
