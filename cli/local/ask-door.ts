import { readDeployToken } from "embedded-aws/command";

interface Question {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Makes it a POST. */
  readonly body?: object;
  /** Sends the token that deployments take. */
  readonly deploys?: true;
}

/**
 * Asks the admin door of a running embedded AWS.
 * @throws NobodyListens, DoorRefused, DeployTokenMissing
 */
export async function askDoor<T>(port: number, name: string, { query = {}, body, deploys }: Question = {}): Promise<T> {
  const url = new URL(`http://127.0.0.1:${port}/_embedded/${name}`);
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
  const request = body && {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(deploys && { authorization: `Bearer ${readDeployToken(port)}` }),
    },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, request).catch((cause: unknown) => {
    throw new NobodyListens(port, cause);
  });
  const answer = (await response.json().catch(() => undefined)) as { error?: { message: string } } | undefined;
  if (!answer || (!response.ok && !answer.error)) throw new DoorRefused(`127.0.0.1:${port} is no embedded AWS.`);
  if (answer.error) throw new DoorRefused(answer.error.message);
  return answer as T;
}

class NobodyListens extends Error {
  override readonly name = "NobodyListens";

  constructor(port: number, cause: unknown) {
    super(
      `Nobody answers on 127.0.0.1:${port}. \`amint local start\` and \`npm start -- --keep\` start an embedded AWS; --port says where it is.`,
      { cause },
    );
  }
}

class DoorRefused extends Error {
  override readonly name = "DoorRefused";
}
