import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { ParameterUnreadableError, type ParameterValue } from "../language/step-host.ts";

/** Where AWS is, and who calls it. */
type ClientOptions = Pick<S3ClientConfig, "region" | "endpoint" | "credentials" | "requestHandler">;

/** AWS calls of documents, with the permissions of the instance profile. */
export interface InstanceAws {
  getObject(bucket: string, key: string): Promise<Uint8Array>;
  /** At most 1,000 keys, the limit of S3Download. */
  listObjects(bucket: string, prefix: string): Promise<string[]>;
  putObject(bucket: string, key: string, content: Uint8Array): Promise<void>;
  /** A component document's text. */
  getComponent(arn: string): Promise<string>;
  /** @throws ParameterUnreadableError */
  readParameter(name: string): Promise<ParameterValue>;
}

/** @param options with the credentials of the instance profile's role; asked for at the first request */
export function instanceAws(options: () => Promise<ClientOptions>): InstanceAws {
  // Few documents call AWS, and the clients take time to load.
  const s3 = async () => {
    const sdk = await import("@aws-sdk/client-s3");
    return { ...sdk, client: new sdk.S3Client({ ...(await options()), forcePathStyle: true }) };
  };
  return {
    async getObject(Bucket, Key) {
      const { client, GetObjectCommand } = await s3();
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    async listObjects(Bucket, Prefix) {
      const { client, ListObjectsV2Command } = await s3();
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
      return Contents.flatMap(({ Key }) => (Key && !Key.endsWith("/") ? [Key] : []));
    },
    async putObject(Bucket, Key, Body) {
      const { client, PutObjectCommand } = await s3();
      await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    },
    async getComponent(componentBuildVersionArn) {
      const { GetComponentCommand, ImagebuilderClient } = await import("@aws-sdk/client-imagebuilder");
      const client = new ImagebuilderClient(await options());
      const { component } = await client.send(new GetComponentCommand({ componentBuildVersionArn }));
      // Not every component's document can be read.
      if (!component?.data) throw new Error("its text is in AWS only");
      return component.data;
    },
    async readParameter(Name) {
      try {
        const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
        const ssm = new SSMClient(await options());
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
        return { value: Parameter?.Value ?? "", secret: Parameter?.Type === "SecureString" };
      } catch (error) {
        throw new ParameterUnreadableError(
          Name,
          error instanceof Error ? `${error.name}: ${error.message}` : String(error),
          { cause: error },
        );
      }
    },
  };
}

/** For documents that run without AWS. @param why the message of steps that call it */
export const noAws = (why: string): InstanceAws =>
  instanceAws(() => {
    throw new NoAwsError(why);
  });

class NoAwsError extends Error {
  override readonly name = "NoAwsError";
  readonly code = "NoAws";
}
