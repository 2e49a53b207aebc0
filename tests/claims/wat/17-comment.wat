;; Refused: a comment begins with two semicolons. The one below has one, as in the article.
(module
  (memory 1) ; one page
  (func (param i32) (result i32) local.get 0 i32.load8_u))
