import { AwsError } from "../engine/operation.ts";
import { jsonWriter } from "./json.ts";
import type { BadInput, Place } from "./message.ts";
import type { ErrorModel, ProtocolName, ServiceModel } from "./service-model.ts";
import { oncePer } from "./shape.ts";

/** An error as a protocol sends it. */
export interface Refusal {
  /** The code in JSON and XML protocols. */
  readonly code: string;
  /** The code in query protocols. */
  readonly queryCode: string;
  readonly message: string;
  /** `message` or `Message`: services differ. */
  readonly messageMember: string;
  readonly status: number;
  readonly fault: "Sender" | "Receiver";
  /** The modelled error's other members, as JSON protocols send them: `Item` of a failed condition. */
  readonly members: Readonly<Record<string, unknown>>;
}

const membersWriter = oncePer(({ shape }: ErrorModel) => jsonWriter(shape));

/** @param protocol the request's, which can be older than the model's */
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

/** For a bug of the embedded AWS: the caller gets AWS's message, the log the cause. */
function internalFailure(cause: unknown): AwsError {
  console.error("Internal error of the embedded AWS:", cause);
  return new AwsError("InternalFailure", "The request processing has failed because of an unknown error.", {
    status: 500,
    cause,
  });
}

const DENIALS: readonly string[] = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"];

/** Errors that every service has, with this service's code. */
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
  // S3 accepts every path, so the method is what is not allowed.
  if (code === "UnknownOperationException" && protocol === "restXml") return "MethodNotAllowed";
  return undefined;
}

function statusOf(error: AwsError, code: string, protocol: ProtocolName, modelled: number | undefined): number {
  // AWS has no such error. As a client error it is not retried, and cannot be mistaken for an internal failure.
  if (code === "NotImplemented") return 400;
  if (code === "MethodNotAllowed") return 405;
  // Only EC2 answers an unknown key with 401.
  if (error.code === "InvalidClientTokenId" && protocol === "ec2Query") return 401;
  // Services with awsJson protocols refuse with 400, all others with 403.
  if (code === "AccessDeniedException") return modelled ?? (protocol.startsWith("awsJson") ? 400 : 403);
  if (DENIALS.includes(code)) return 403;
  // awsJson 1.1 only uses 400 and 500, whatever status the model gives an error for other protocols.
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

/**
 * Only in S3 the code depends on the value's position:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const IN_S3: Readonly<Record<Place, string>> = { body: "MalformedXML", field: "InvalidArgument", path: "InvalidURI" };

/** AWS's code for malformed input, which depends only on the protocol. */
export function malformedCode(error: BadInput, protocol: ProtocolName): AwsError {
  if (error.code !== "SerializationException") return error;
  const code = protocol === "restXml" ? IN_S3[error.place] : CODES[protocol];
  return new AwsError(code, error.message, { status: 400, cause: error });
}
