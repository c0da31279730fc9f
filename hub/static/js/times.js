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
    const there = zone ? wall(moment, zone) : wall(new Date(moment.getTime() + offsetOf(iso)), "UTC");
    const here = wall(moment);
    if (there === here) continue;
    const language = document.documentElement.lang || undefined;
    const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
    const day = new Intl.DateTimeFormat(language, {
      weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    });
    const sameDay = there.slice(0, 10) === here.slice(0, 10);
    const own = document.createElement("span");
    own.className = "muted own-time";
    const words = element.dataset.words ?? "{time}";
    own.textContent = `, ${words.replace("{time}", (sameDay ? time : day).format(moment))}`;
    element.after(own);
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
