'use strict';
// The module trace_events: nothing is traced. What packages ask of it at their start has an answer;
// who wants a trace is told.
const { codes } = require('internal/errors/codes');
const { validateArray, validateObject, validateString } = require('internal/errors/validators');

class Tracing {
  #categories;

  constructor(categories) {
    this.#categories = categories.join(',');
  }
  get categories() {
    return this.#categories;
  }
  get enabled() {
    return false;
  }
  enable() {
    throw new codes.ERR_FEATURE_UNAVAILABLE('tracing.enable()');
  }
  disable() {}
}

/** @param {{ categories: string[] }} options */
function createTracing(options) {
  validateObject(options, 'options');
  validateArray(options.categories, 'options.categories');
  for (const one of options.categories) validateString(one, 'options.categories');
  if (options.categories.length === 0) throw new codes.ERR_TRACE_EVENTS_CATEGORY_REQUIRED();
  return new Tracing(options.categories);
}

/** The categories that are traced: none. */
function getEnabledCategories() {}

module.exports = { createTracing, getEnabledCategories };
