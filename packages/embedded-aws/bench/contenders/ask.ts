import { Agent, request } from "node:http";

/** One AWS request, with as little client work as possible, because the client is not what is measured. */
export interface Question {
  readonly service: "ec2" | "organizations";
  readonly operation: string;
  readonly input?: Readonly<Record<string, string | number>>;
}

const ACCOUNT = "123456789012";
const agent = new Agent({ keepAlive: true });

/** The body of the answer. @throws Error for any status other than 200 */
export function ask(port: number, question: Question): Promise<string> {
  const { headers, body } = written(question);
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method: "POST", path: "/", headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else
          reject(new Error(`${question.service}:${question.operation}: ${response.statusCode} ${text.slice(0, 300)}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function written({ service, operation, input = {} }: Question) {
  const region = service === "ec2" ? "eu-west-1" : "us-east-1";
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260401/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  if (service === "ec2") {
    const body = new URLSearchParams({ Action: operation, Version: "2016-11-15", ...input }).toString();
    return { headers: { authorization, "content-type": "application/x-www-form-urlencoded" }, body };
  }
  const target = `AWSOrganizationsV20161128.${operation}`;
  return {
    headers: { authorization, "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
    body: JSON.stringify(input),
  };
}

/** Repeats `work` for some seconds on parallel connections. @returns how many calls ended */
export async function repeat(connections: number, seconds: number, work: () => Promise<unknown>): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  let done = 0;
  const one = async () => {
    while (performance.now() < end) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  return done;
}
