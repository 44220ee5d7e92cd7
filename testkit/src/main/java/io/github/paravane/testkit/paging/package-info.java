/**
 * Page tables for tests: {@link io.github.paravane.testkit.paging.PageTableBuilder} writes them,
 * {@link io.github.paravane.testkit.paging.ReferenceWalker} says what a processor makes of them.
 */
@NullMarked
package io.github.paravane.testkit.paging;

import org.jspecify.annotations.NullMarked;
