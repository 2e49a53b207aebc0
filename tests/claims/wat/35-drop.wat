;; Refused: there is no such instruction, nor memory.shrink.
(module (memory 1) (func memory.drop))
