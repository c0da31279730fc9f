/**
 * The reader's own time beside the time of an event, when their clocks differ. The zone of an event
 * is the offset in its `datetime`, or data-zone.
 */

import { all } from "./hub.js";

/** @param {Element} root */
export function start(root) {
  for (const element of all(root, "time[data-local]")) {
    const iso = element.getAttribute("datetime") ?? "";
    const moment = new Date(iso);
    delete element.dataset.local;
    if (Number.isNaN(moment.getTime())) continue;
    const { zone } = element.dataset;
    const shifted = new Date(moment.getTime() + offsetOf(iso));
    const there = zone ? wall(moment, zone) : wall(shifted, "UTC");
    const here = wall(moment);
    if (there === here) continue;
    const { lang } = document.documentElement;
    const sameDay = there.slice(0, 10) === here.slice(0, 10);
    const own = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang || undefined, {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      ...(sameDay ? {} : { weekday: "short", day: "numeric", month: "short" }),
    });
    const words = (element.dataset.words ?? "{time}").replace("{time}", own.format(moment));
    const beside = document.createElement("span");
    beside.className = "muted";
    beside.textContent = `, ${words}`;
    element.after(beside);
  }
}

/**
 * What the clock on the wall shows; without a zone, the reader's.
 * @param {Date} moment
 * @param {string} [timeZone]
 */
function wall(moment, timeZone) {
  return new Intl.DateTimeFormat("sv-SE", {
    dateStyle: "short", timeStyle: "short", timeZone,
  }).format(moment);
}

/**
 * Milliseconds that the clocks of the event are ahead, by the end of an ISO moment.
 * @param {string} iso
 */
function offsetOf(iso) {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(iso) ?? [];
  return sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
}
