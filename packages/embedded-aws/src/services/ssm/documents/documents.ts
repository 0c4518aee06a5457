import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-ssm";
import { type Authorization, AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { requestTagContext, resourceTagContext } from "../../tag-context.ts";
import { parseCalendar, stateOf } from "./calendar.ts";
import { type Document, documentArn, documentsState, findDocument, latestOf, parseName } from "./state.ts";

/** API reference, CreateDocument. */
const MOST_BYTES = 64 * 1024;
const RESERVED = /^(aws|amazon|amzn)/i;

const refusal = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });

const notBuilt = (operation: string, what: string): AwsError =>
  refusal("NotImplemented", `ssm:${operation} is not built for ${what}`);

/**
 * The document's ARN and tags. For another account's document the shares are the policy.
 * @throws nothing: the operation itself reports a missing document
 */
export function authorizeDocument(call: Call, reference: string | undefined): Partial<Authorization>[] {
  const named = parseName(call, reference);
  const document = findDocument(call, reference);
  const resource = documentArn(call, named);
  const shared = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: call.account }, Action: "ssm:*", Resource: resource }],
  };
  return [
    {
      resources: [resource],
      owner: named.account,
      ...(named.account !== call.account && document && { resourcePolicy: JSON.stringify(shared) }),
      context: resourceTagContext(document?.tags ?? [], ["aws", "ssm"]),
    },
  ];
}

/** @throws InvalidDocument */
export function requireDocument(call: Call, reference: string | undefined): Document {
  const document = findDocument(call, reference);
  if (document) return document;
  throw refusal("InvalidDocument", `Document with name ${reference} does not exist.`);
}

/** Only the owner can change a document. @throws InvalidDocument */
function requireOwn(call: Call, name: string | undefined): Document {
  const document = call.aws.state(documentsState, call.account, call.region).get(name ?? "");
  if (document) return document;
  throw refusal("InvalidDocument", `Document with name ${name} does not exist.`);
}

function contentOf({
  Content = "",
  DocumentFormat,
}: Pick<Sdk.CreateDocumentCommandInput, "Content" | "DocumentFormat">) {
  if (Buffer.byteLength(Content) > MOST_BYTES) {
    throw refusal("MaxDocumentSizeExceeded", `The size limit of a document is ${MOST_BYTES} bytes.`);
  }
  if (DocumentFormat !== "TEXT") {
    throw refusal("InvalidDocumentContent", "The DocumentFormat of a ChangeCalendar document must be TEXT.");
  }
  return { content: Content, calendar: parseCalendar(Content) };
}

/** inferred: a calendar's newest version becomes its default at once; `$LATEST` and `$DEFAULT` are the same. */
function requireVersion(document: Document, asked: string | undefined): void {
  const { number } = latestOf(document);
  if (asked === undefined || asked === "$LATEST" || asked === "$DEFAULT" || asked === String(number)) return;
  throw refusal("InvalidDocumentVersion", `The document version ${asked} is not the latest version ${number}.`);
}

function toDescription(call: Call, document: Document): Sdk.DocumentDescription {
  const { number, content, createdAt, displayName, versionName } = latestOf(document);
  const { name, owner, region, tags } = document;
  return {
    Hash: createHash("sha256").update(content).digest("hex"),
    HashType: "Sha256",
    Name: owner === call.account ? name : documentArn(call, { name, account: owner, region }),
    DisplayName: displayName,
    VersionName: versionName,
    Owner: owner,
    CreatedDate: new Date(createdAt),
    Status: "Active",
    DocumentVersion: String(number),
    LatestVersion: String(number),
    DefaultVersion: String(number),
    DocumentType: "ChangeCalendar",
    DocumentFormat: "TEXT",
    Tags: owner === call.account ? [...tags].map(([Key, Value]) => ({ Key, Value })) : undefined,
  };
}

export const operations = {
  CreateDocument: {
    authorize: (input, call) => [
      {
        resources: [documentArn(call, parseName(call, input.Name))],
        context: requestTagContext((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      },
    ],
    run(input, call) {
      const { Name: name = "", DocumentType: type = "Command", Tags = [] } = input;
      if (type !== "ChangeCalendar") throw notBuilt("CreateDocument", `DocumentType ${type}`);
      if (input.Requires?.length || input.Attachments?.length)
        throw notBuilt("CreateDocument", "Requires and Attachments");
      if (RESERVED.test(name))
        throw refusal("ValidationException", `The document name ${name} begins with a reserved prefix.`);
      const { aws, account, region } = call;
      const documents = aws.state(documentsState, account, region);
      if (documents.has(name)) throw refusal("DocumentAlreadyExists", `Document with same name ${name} already exists`);
      const version = {
        number: 1,
        ...contentOf(input),
        createdAt: aws.clock.now(),
        displayName: input.DisplayName,
        versionName: input.VersionName,
      };
      const tags = new Map(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
      const document: Document = { name, owner: account, region, tags, versions: [version], sharedWith: new Set() };
      documents.set(name, document);
      return { DocumentDescription: toDescription(call, document) };
    },
  },
  UpdateDocument: {
    authorize: ({ Name }, call) => authorizeDocument(call, Name),
    run(input, call) {
      const document = requireOwn(call, input.Name);
      requireVersion(document, input.DocumentVersion);
      const { number, content: before, displayName } = latestOf(document);
      const content = contentOf(input);
      if (content.content === before) {
        throw refusal("DuplicateDocumentContent", "The content of the association document matches another document.");
      }
      const version = {
        number: number + 1,
        ...content,
        createdAt: call.aws.clock.now(),
        displayName: input.DisplayName ?? displayName,
        versionName: input.VersionName,
      };
      document.versions = [...document.versions, version];
      return { DocumentDescription: toDescription(call, document) };
    },
  },
  DescribeDocument: {
    authorize: ({ Name }, call) => authorizeDocument(call, Name),
    run({ Name, DocumentVersion }, call) {
      const document = requireDocument(call, Name);
      requireVersion(document, DocumentVersion);
      return { Document: toDescription(call, document) };
    },
  },
  GetDocument: {
    authorize: ({ Name }, call) => authorizeDocument(call, Name),
    run({ Name, DocumentVersion }, call) {
      const document = requireDocument(call, Name);
      requireVersion(document, DocumentVersion);
      const { Tags: _, Hash: __, HashType: ___, ...described } = toDescription(call, document);
      return { ...described, Content: latestOf(document).content };
    },
  },
  DeleteDocument: {
    authorize: ({ Name }, call) => authorizeDocument(call, Name),
    run({ Name, DocumentVersion, VersionName }, call) {
      if (DocumentVersion || VersionName) throw notBuilt("DeleteDocument", "a single version");
      const document = requireOwn(call, Name);
      if (document.sharedWith.size > 0) {
        throw refusal("InvalidDocumentOperation", `Document ${document.name} is shared: end its shares first.`);
      }
      call.aws.state(documentsState, call.account, call.region).delete(document.name);
    },
  },
  /** Shares a document with accounts, or with `all`. */
  ModifyDocumentPermission: {
    authorize: ({ Name }, call) => authorizeDocument(call, Name),
    run({ Name, AccountIdsToAdd = [], AccountIdsToRemove = [] }, call) {
      const { sharedWith } = requireOwn(call, Name);
      for (const account of AccountIdsToAdd) sharedWith.add(account);
      for (const account of AccountIdsToRemove) sharedWith.delete(account);
    },
  },
  /** Another account's shared calendar is named by its ARN. */
  GetCalendarState: {
    authorize: ({ CalendarNames = [] }, call) => CalendarNames.flatMap((name) => authorizeDocument(call, name)),
    run({ CalendarNames = [], AtTime }, call) {
      const at = AtTime === undefined ? call.aws.clock.now() : Date.parse(AtTime);
      if (Number.isNaN(at)) {
        throw new AwsError("ValidationException", `AtTime ${AtTime} is not a time in ISO 8601 format.`);
      }
      const calendars = CalendarNames.map((name) => latestOf(requireDocument(call, name)).calendar);
      const { state, changesAt } = stateOf(calendars, at);
      return {
        State: state,
        AtTime: text(at),
        NextTransitionTime: changesAt === undefined ? undefined : text(changesAt),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** ISO 8601, in seconds. */
const text = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
