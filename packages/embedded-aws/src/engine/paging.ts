import { createHash } from "node:crypto";
import { AwsError, type Call, type Paging, type Service, type ServiceOperation } from "./operation.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * Runs an operation. For a list, answers one page. A token is valid only for the operation, account, region and
 * parameters that it was issued for; any other use fails like an invalid token.
 */
export async function runPaged(
  service: Service,
  name: string,
  operation: ServiceOperation,
  input: object,
  call: Call,
): Promise<unknown> {
  const run = (asked: object): unknown => operation.run(asked as never, call);
  if (!service.paging || !/^(Describe|Filter|Get|List|Simulate)/.test(name)) return run(input);
  const own = typeof operation.list === "object" ? operation.list : { items: operation.list };
  const paging = { ...service.paging, ...own };
  const token = (input as Members)[paging.asked];
  const question = () => digest(name, input, paging, call);
  const opened = token === undefined ? undefined : open(String(token), question(), paging.refusal);
  if (paging.items !== undefined) {
    const output = (await run(input)) as Members;
    return cut(output, String(paging.items), paging, { input, question, opened });
  }
  const output = await run(opened === undefined ? input : { ...input, [paging.asked]: opened });
  return resealed(output, paging, { token, question, opened });
}

interface Question {
  readonly input: object;
  /** Its digest, which only requests and answers with tokens need. */
  readonly question: () => string;
  readonly opened: string | undefined;
}

function cut(output: Members, items: string, paging: Paging, { input, question, opened }: Question): object {
  const { most = Number.POSITIVE_INFINITY, usual = most, size, asked, given = asked, more } = paging;
  const all = (output[items] ?? []) as readonly unknown[];
  const { next, items: page } = paginate(
    all,
    opened,
    Math.min(Number((input as Members)[size] || usual), most),
    paging.refusal,
  );
  return {
    ...output,
    [items]: page,
    ...(more && { [more]: next !== undefined }),
    ...(next !== undefined && { [given]: seal(next, question()) }),
  };
}

/** For an operation that cuts its own pages: wraps its tokens for the caller. */
function resealed(
  output: unknown,
  { asked, given = asked }: Paging,
  { token, question, opened }: Omit<Question, "input"> & { token: unknown },
): unknown {
  if (typeof output !== "object" || output === null) return output;
  const { [given]: next, [asked]: echo } = output as Members;
  return {
    ...output,
    // S3 repeats the request's token in the response.
    ...(opened !== undefined && asked !== given && echo === opened && { [asked]: token }),
    ...(typeof next === "string" && { [given]: seal(next, question()) }),
  };
}

export interface Page<Item> {
  readonly items: Item[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/**
 * One page, with an opaque token for the next.
 * @param token the request's token; an invalid one fails with `refusal`, the service's error code
 */
export function paginate<Item>(
  all: readonly Item[],
  token: string | undefined,
  size: number,
  refusal: string,
): Page<Item> {
  const start = token === undefined ? 0 : positionIn(token, refusal);
  const end = start + size;
  return {
    items: all.slice(start, end),
    next: end < all.length ? Buffer.from(`after:${end}`).toString("base64url") : undefined,
  };
}

function positionIn(token: string, refusal: string): number {
  const position = /^after:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (position === undefined) throw invalidToken(refusal);
  return Number(position);
}

const seal = (token: string, question: string): string => Buffer.from(`${question}.${token}`).toString("base64url");

function open(token: string, question: string, refusal: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (text.startsWith(`${question}.`)) return text.slice(question.length + 1);
  throw invalidToken(refusal);
}

const invalidToken = (code: string): AwsError =>
  new AwsError(code, "The pagination token is not valid.", { status: 400 });

/** The page size is not included: it may change between pages. */
function digest(name: string, input: object, { asked, size }: Paging, { account, region }: Call): string {
  const parameters = Object.entries(input)
    .filter(([member, value]) => value !== undefined && member !== asked && member !== size)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([name, account, region, parameters]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}
