// Reads a calendar from standard input with ical.js and prints what a calendar app would show.
// Usage: node parse.mjs PATH-OF-ICAL.JS LIMIT   (LIMIT: occurrences of one series)
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , library, limit] = process.argv;
const { default: ICAL } = await import(pathToFileURL(library).href);
ICAL.design.strict = true;

const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(0));
const calendar = new ICAL.Component(ICAL.parse(text));
if (calendar.name !== "vcalendar") {
  throw new Error(`one VCALENDAR expected, found ${calendar.name}`);
}

// An app knows a zone by the feed's own VTIMEZONE, not by luck.
ICAL.TimezoneService.reset();
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}

const instant = (time) => {
  if (time.isDate) return `${time.toString()}T00:00:00Z`;
  if (time.zone === ICAL.Timezone.localTimezone) {
    throw new Error(`a time without a zone that the feed defines: ${time.toString()}`);
  }
  return time.toJSDate().toISOString();
};

const occurrence = (event, start, end, recurrenceId) => ({
  start: instant(start),
  end: instant(end),
  all_day: start.isDate,
  recurrence_id: recurrenceId ? instant(recurrenceId) : null,
  summary: event.summary,
  status: event.component.getFirstPropertyValue("status"),
});

function* occurrences(event) {
  if (!event.isRecurring()) {
    yield occurrence(event, event.startDate, event.endDate, event.recurrenceId);
    return;
  }
  const starts = event.iterator();
  for (let count = 0; count < Number(limit); count += 1) {
    const next = starts.next();
    if (!next) return;
    const { item, startDate, endDate, recurrenceId } = event.getOccurrenceDetails(next);
    yield occurrence(item, startDate, endDate, recurrenceId);
  }
}

const components = calendar.getAllSubcomponents("vevent");
const overrides = components.filter((component) => component.hasProperty("recurrence-id"));
const masters = new Set(
  components
    .filter((component) => !component.hasProperty("recurrence-id"))
    .map((component) => component.getFirstPropertyValue("uid")),
);

const events = components.map((component) => {
  const uid = component.getFirstPropertyValue("uid");
  const isOverride = component.hasProperty("recurrence-id");
  const exceptions = isOverride
    ? []
    : overrides.filter((other) => other.getFirstPropertyValue("uid") === uid);
  const event = new ICAL.Event(component, { strictExceptions: true, exceptions });
  return {
    uid,
    summary: event.summary,
    description: event.description,
    location: event.location,
    url: component.getFirstPropertyValue("url"),
    status: component.getFirstPropertyValue("status"),
    sequence: component.getFirstPropertyValue("sequence"),
    recurrence_id: isOverride ? instant(event.recurrenceId) : null,
    // An override shows in its master's occurrences.
    occurrences: isOverride && masters.has(uid) ? [] : [...occurrences(event)],
  };
});

const properties = Object.fromEntries(
  calendar.getAllProperties().map((property) => [property.name, String(property.getFirstValue())]),
);
process.stdout.write(JSON.stringify({ properties, events }));
