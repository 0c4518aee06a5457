import type { EBS } from "@aws-sdk/client-ebs";
import type { EC2 } from "@aws-sdk/client-ec2";
import type { ECR } from "@aws-sdk/client-ecr";
import type { Imagebuilder } from "@aws-sdk/client-imagebuilder";
import type { KMS } from "@aws-sdk/client-kms";
import type { Organizations } from "@aws-sdk/client-organizations";
import type { SQS } from "@aws-sdk/client-sqs";
import type { SSM } from "@aws-sdk/client-ssm";

/** The SDK's clients, by signing name. */
interface Clients {
  readonly ebs: EBS;
  readonly ec2: EC2;
  readonly ecr: ECR;
  readonly imagebuilder: Imagebuilder;
  readonly kms: KMS;
  readonly organizations: Organizations;
  readonly sqs: SQS;
  readonly ssm: SSM;
}

/** A client's method, whose last overloads take a callback. */
interface Method<Output> {
  (...given: never): Promise<Output>;
  (...given: never): void;
  (...given: never): void;
}

type OutputOf<Client, Operation extends string> =
  Uncapitalize<Operation> extends keyof Client
    ? Client[Uncapitalize<Operation>] extends Method<infer Output>
      ? Output
      : never
    : never;

type OperationOf<Client> = Capitalize<keyof Client & string>;

/** Calls of one service; they have the type that the SDK gives the operation's answer, unless they name another. */
export interface TypedCall<Service extends string> {
  <Operation extends Service extends keyof Clients ? OperationOf<Clients[Service]> : never>(
    operation: Operation,
    input?: object,
  ): Promise<Service extends keyof Clients ? OutputOf<Clients[Service], Operation> : never>;
  <Output>(operation: string, input?: object): Promise<Output>;
}
