import { readDeployToken } from "embedded-aws/command";

interface Question {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Makes it a POST. */
  readonly body?: object;
  /** Sends the token that deployments need. */
  readonly deploys?: true;
}

const PATIENCE_MS = 30_000;

/**
 * Calls the admin interface of a running embedded AWS.
 * @throws NoAnswer, NotEmbedded, DoorRefused, DeployTokenMissing
 */
export async function askAdmin<T>(
  endpoint: URL,
  name: string,
  { query = {}, body, deploys }: Question = {},
): Promise<T> {
  const url = new URL(`/_embedded/${name}`, endpoint);
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
  // Advances of the clock and deployments take long.
  const request = body
    ? {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(deploys && { authorization: `Bearer ${readDeployToken(Number(endpoint.port))}` }),
        },
        body: JSON.stringify(body),
      }
    : { signal: AbortSignal.timeout(PATIENCE_MS) };
  const response = await fetch(url, request).catch((cause: unknown) => {
    throw new NoAnswer(endpoint, cause);
  });
  const answer = (await response.json().catch(() => undefined)) as { error?: { message: string } } | undefined;
  if (!answer || (!response.ok && !answer.error?.message)) throw new NotEmbedded(endpoint);
  if (answer.error) throw new DoorRefused(answer.error.message);
  return answer as T;
}

class NoAnswer extends Error {
  override readonly name = "NoAnswer";

  constructor({ origin }: URL, cause: unknown) {
    super(
      `${origin} does not answer.\nfix: start an embedded AWS with \`amint local start\` or \`npm start -- --keep\`, or name its address with --endpoint`,
      { cause },
    );
  }
}

class NotEmbedded extends Error {
  override readonly name = "NotEmbedded";

  constructor({ origin }: URL) {
    super(
      `${origin} is not an embedded AWS.\nfix: name the address of one with --endpoint; \`amint local start\` starts one`,
    );
  }
}

class DoorRefused extends Error {
  override readonly name = "DoorRefused";
}
