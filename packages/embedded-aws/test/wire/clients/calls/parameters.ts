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

export const PARAMETER_CALLS: readonly FactoryCall[] = ofService("ssm", [
  answered("PutParameter", { Name, Value: "ami-1", Type: "String" }, { Version: 1 }),
  refused(
    "PutParameter",
    { Name, Value: "ami-2", Type: "String" },
    "400 ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
  ),
  refused(
    "PutParameter",
    { Name, Value: "v", Type: "Text" },
    "400 ValidationException: Member must satisfy enum value set: [",
  ),
  answered("PutParameter", { Name, Value: "ami-2 <é>", Overwrite: true }, { Version: 2 }),
  answered(
    "LabelParameterVersion",
    { Name, ParameterVersion: 1, Labels: ["good", "1bad"] },
    { InvalidLabels: ["1bad"] },
  ),
  answered("GetParameter", { Name }, { "Parameter.Value": "ami-2 <é>" }),
  answered("GetParameter", { Name: `${Name}:good` }, { "Parameter.Value": "ami-1", "Parameter.Selector": ":good" }),
  refused("GetParameter", { Name: `${Name}:7` }, "400 ParameterVersionNotFound"),
  answered("GetParameters", { Names: [Name, "/none"] }, { "Parameters.0.Version": 2, InvalidParameters: ["/none"] }),
  answered("GetParametersByPath", { Path: "/imagebuilder", Recursive: true }, { "Parameters.0.Name": Name }),
  answered("GetParameterHistory", { Name }, { "Parameters.0.Labels": ["good"], "Parameters.1.Version": 2 }),
  refused("GetParameterHistory", { Name: "/none" }, gone),
  answered("UnlabelParameterVersion", { Name, ParameterVersion: 1, Labels: ["good"] }, { RemovedLabels: ["good"] }),
  answered(
    "DescribeParameters",
    { ParameterFilters: [{ Key: "Name", Option: "BeginsWith", Values: ["/imagebuilder"] }] },
    { "Parameters.0.Version": 2 },
  ),
  answered("AddTagsToResource", { ...parameter, Tags: [{ Key: "team", Value: "images" }] }),
  answered("ListTagsForResource", parameter, { TagList: [{ Key: "team", Value: "images" }] }),
  answered("RemoveTagsFromResource", { ...parameter, TagKeys: ["team"] }),
  refused("ListTagsForResource", { ...parameter, ResourceId: "/none" }, "400 InvalidResourceId"),
  answered("DeleteParameter", { Name }),
  refused("GetParameter", { Name }, gone),
  refused("DeleteParameter", { Name }, gone),
  answered("DeleteParameters", { Names: [Name] }, { InvalidParameters: [Name] }),

  answered(
    "CreateDocument",
    { Name: "freeze", Content: calendar("DEFAULT_OPEN"), DocumentType: "ChangeCalendar", DocumentFormat: "TEXT" },
    { "DocumentDescription.DocumentVersion": "1" },
  ),
  refused(
    "CreateDocument",
    { Name: "freeze", Content: calendar("DEFAULT_OPEN"), DocumentType: "ChangeCalendar", DocumentFormat: "TEXT" },
    "400 DocumentAlreadyExists: freeze already exists",
  ),
  answered("GetCalendarState", { CalendarNames: ["freeze"] }, { State: "OPEN" }),
  refused("GetCalendarState", { CalendarNames: ["none"] }, "400 InvalidDocument: none does not exist"),
  answered(
    "UpdateDocument",
    { Name: "freeze", Content: calendar("DEFAULT_CLOSED"), DocumentVersion: "$LATEST", DocumentFormat: "TEXT" },
    { "DocumentDescription.LatestVersion": "2" },
  ),
  answered("DescribeDocument", { Name: "freeze" }, { "Document.DocumentType": "ChangeCalendar" }),
  answered("GetDocument", { Name: "freeze" }, { Content: calendar("DEFAULT_CLOSED") }),
  answered("ModifyDocumentPermission", { Name: "freeze", PermissionType: "Share", AccountIdsToAdd: ["222233334444"] }),
  answered("ModifyDocumentPermission", {
    Name: "freeze",
    PermissionType: "Share",
    AccountIdsToRemove: ["222233334444"],
  }),
  answered("DeleteDocument", { Name: "freeze" }),
]);
