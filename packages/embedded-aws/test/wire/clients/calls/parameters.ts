import { answered, type FactoryCall, ofService, refused } from "../factory-call.ts";

const Name = "/imagebuilder/amint/base/stable";
const parameter = { ResourceType: "Parameter", ResourceId: Name };
const gone = "400 ParameterNotFound";

const calendar = (type: string): string =>
  [
    "BEGIN:VCALENDAR",
    "PRODID:-//AWS//Change Calendar 1.0//EN",
    "VERSION:2.0",
    `X-CALENDAR-TYPE:${type}`,
    "END:VCALENDAR",
  ].join("\r\n");

const freeze = { Name: "freeze", Content: calendar("DEFAULT_OPEN"), DocumentFormat: "TEXT" };

export const PARAMETER_CALLS: readonly FactoryCall[] = ofService("ssm", [
  answered("PutParameter", { Name, Value: "ami-1", Type: "String" }).says({ Version: 1 }),
  refused("PutParameter", { Name, Value: "ami-2", Type: "String" }).with(
    "400 ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
  ),
  refused("PutParameter", { Name, Value: "v", Type: "Text" }).with(
    "400 ValidationException: Member must satisfy enum value set: [",
  ),
  answered("PutParameter", { Name, Value: "ami-2 <é>", Overwrite: true }).says({ Version: 2 }),
  answered("LabelParameterVersion", { Name, ParameterVersion: 1, Labels: ["good", "1bad"] }).says({
    InvalidLabels: ["1bad"],
  }),
  answered("GetParameter", { Name }).says({ "Parameter.Value": "ami-2 <é>" }),
  answered("GetParameter", { Name: `${Name}:good` }).says({
    "Parameter.Value": "ami-1",
    "Parameter.Selector": ":good",
  }),
  refused("GetParameter", { Name: `${Name}:7` }).with("400 ParameterVersionNotFound"),
  answered("GetParameters", { Names: [Name, "/none"] }).says({
    "Parameters.0.Version": 2,
    InvalidParameters: ["/none"],
  }),
  answered("GetParametersByPath", { Path: "/imagebuilder", Recursive: true }).says({ "Parameters.0.Name": Name }),
  answered("GetParameterHistory", { Name }).says({ "Parameters.0.Labels": ["good"], "Parameters.1.Version": 2 }),
  refused("GetParameterHistory", { Name: "/none" }).with(gone),
  answered("UnlabelParameterVersion", { Name, ParameterVersion: 1, Labels: ["good"] }).says({
    RemovedLabels: ["good"],
  }),
  answered("DescribeParameters", {
    ParameterFilters: [{ Key: "Name", Option: "BeginsWith", Values: ["/imagebuilder"] }],
  }).says({ "Parameters.0.Version": 2 }),
  answered("AddTagsToResource", { ...parameter, Tags: [{ Key: "team", Value: "images" }] }),
  answered("ListTagsForResource", parameter).says({ TagList: [{ Key: "team", Value: "images" }] }),
  answered("RemoveTagsFromResource", { ...parameter, TagKeys: ["team"] }),
  refused("ListTagsForResource", { ...parameter, ResourceId: "/none" }).with("400 InvalidResourceId"),
  answered("DeleteParameter", { Name }),
  refused("GetParameter", { Name }).with(gone),
  refused("DeleteParameter", { Name }).with(gone),
  answered("DeleteParameters", { Names: [Name] }).says({ InvalidParameters: [Name] }),

  answered("CreateDocument", { ...freeze, DocumentType: "ChangeCalendar" }).says({
    "DocumentDescription.DocumentVersion": "1",
  }),
  refused("CreateDocument", { ...freeze, DocumentType: "ChangeCalendar" }).with(
    "400 DocumentAlreadyExists: freeze already exists",
  ),
  answered("GetCalendarState", { CalendarNames: ["freeze"] }).says({ State: "OPEN" }),
  refused("GetCalendarState", { CalendarNames: ["none"] }).with("400 InvalidDocument: none does not exist"),
  answered("UpdateDocument", {
    Name: "freeze",
    Content: calendar("DEFAULT_CLOSED"),
    DocumentVersion: "$LATEST",
    DocumentFormat: "TEXT",
  }).says({ "DocumentDescription.LatestVersion": "2" }),
  answered("DescribeDocument", { Name: "freeze" }).says({ "Document.DocumentType": "ChangeCalendar" }),
  answered("GetDocument", { Name: "freeze" }).says({ Content: calendar("DEFAULT_CLOSED") }),
  answered("ModifyDocumentPermission", { Name: "freeze", PermissionType: "Share", AccountIdsToAdd: ["222233334444"] }),
  answered("ModifyDocumentPermission", {
    Name: "freeze",
    PermissionType: "Share",
    AccountIdsToRemove: ["222233334444"],
  }),
  answered("DeleteDocument", { Name: "freeze" }),
]);
